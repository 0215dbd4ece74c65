# Starts a worker of rip-server: python3 rip.py ENTRY, in the app's folder.
if __name__ == "__main__":
    from rip_worker.main import main

    main()
