# Starts a worker of rip-server, in the app's folder: python3 rip.py ENTRY [once].
# Once means that changed code is left to new workers.
if __name__ == "__main__":
    from rip_worker.main import main

    main()
