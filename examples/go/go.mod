module example.com/sync-backend

go 1.19
