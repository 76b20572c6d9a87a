import type { SyncSnapshot } from "../../protocol/snapshot.js";
import type { Scope } from "../scope.js";
import type { SyncService } from "../sync-service.js";
import type { SyncUpdate } from "../sync-subscription.js";
import type { SnapshotFrame } from "./snapshot-frame.js";

/** Follows a sync. */
export interface ChannelMember {
  take(frame: SnapshotFrame): void;
  /** The sync was deleted. */
  onDeleted(): void;
}

interface Channel {
  readonly members: Set<ChannelMember>;
  /** Resolves when the subscription is there, with whether there is such a sync. */
  readonly ready: Promise<boolean>;
  latest: SnapshotFrame | null;
  unsubscribe: (() => void) | null;
}

export interface SnapshotChannelsOptions {
  readonly service: SyncService;
  readonly toFrame: (snapshot: SyncSnapshot) => SnapshotFrame;
  readonly onError: (error: unknown) => void;
}

/** Shares one subscription to a sync, and every frame made of it, among all its readers on this server. */
export class SnapshotChannels {
  readonly #options: SnapshotChannelsOptions;
  readonly #channels = new Map<string, Channel>();

  constructor(options: SnapshotChannelsOptions) {
    this.#options = options;
  }

  /** Whether somebody follows the sync at present. */
  has(scope: Scope, syncId: string): boolean {
    return this.#channels.get(keyOf(scope, syncId))?.latest != null;
  }

  /**
   * Gives the member the latest frame of a sync and all that follow, until it leaves. Returns whether the scope has such a
   * sync. Rejects when the store cannot be read.
   */
  async join(scope: Scope, syncId: string, member: ChannelMember): Promise<boolean> {
    const key = keyOf(scope, syncId);
    const channel = this.#channels.get(key) ?? this.#open(key, scope, syncId);
    channel.members.add(member);
    const exists = await channel.ready;
    // It may have left in the meantime.
    if (channel.latest !== null && channel.members.has(member)) member.take(channel.latest);
    return exists;
  }

  leave(scope: Scope, syncId: string, member: ChannelMember): void {
    const key = keyOf(scope, syncId);
    const channel = this.#channels.get(key);
    if (channel?.members.delete(member) && channel.members.size === 0) this.#close(key, channel);
  }

  #open(key: string, scope: Scope, syncId: string): Channel {
    const { service } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const channel: Channel = { members: new Set(), ready: promise, latest: null, unsubscribe: null };
    this.#channels.set(key, channel);
    service
      .subscribe(scope, { syncId }, (update) => this.#onUpdate(channel, update))
      .then((subscription) => {
        const snapshot = subscription?.latest[0];
        if (subscription === null || snapshot === undefined) {
          resolve(false);
          return;
        }
        channel.unsubscribe = () => subscription.unsubscribe();
        channel.latest ??= this.#options.toFrame(snapshot);
        // Everybody has left before it was there.
        if (this.#channels.get(key) !== channel) subscription.unsubscribe();
        resolve(true);
      })
      .catch(reject);
    return channel;
  }

  #onUpdate(channel: Channel, update: SyncUpdate): void {
    if (update.type === "deleted") {
      this.#notify(channel, (member) => member.onDeleted());
      return;
    }
    const frame = this.#options.toFrame(update.snapshot);
    channel.latest = frame;
    this.#notify(channel, (member) => member.take(frame));
  }

  #notify(channel: Channel, act: (member: ChannelMember) => void): void {
    for (const member of channel.members) {
      try {
        act(member);
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  #close(key: string, channel: Channel): void {
    this.#channels.delete(key);
    channel.unsubscribe?.();
  }
}

function keyOf({ tenantId, userId }: Scope, syncId: string): string {
  return JSON.stringify([tenantId, userId, syncId]);
}
