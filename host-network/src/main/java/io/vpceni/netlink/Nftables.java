package io.vpceni.netlink;

import jnr.constants.platform.linux.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/// libnftables, used with JSON (`libnftables-json(5)`). It belongs to the namespace of the thread that opened it.
/// One platform thread uses it.
public final class Nftables implements AutoCloseable {

    /// `NFT_CTX_OUTPUT_JSON`, `nftables/libnftables.h`.
    private static final int OUTPUT_JSON = 1 << 4;

    /// The functions that are called, with their names in the library. Public because jnr-ffi implements it
    /// from its own class loader.
    public interface Library {
        Pointer nft_ctx_new(int flags);

        void nft_ctx_free(Pointer context);

        void nft_ctx_output_set_flags(Pointer context, int flags);

        int nft_ctx_buffer_output(Pointer context);

        int nft_ctx_buffer_error(Pointer context);

        String nft_ctx_get_output_buffer(Pointer context);

        String nft_ctx_get_error_buffer(Pointer context);

        int nft_run_cmd_from_buffer(Pointer context, String commands);
    }

    private final Library library;
    private final Pointer context;
    private final NetlinkSocket socket;
    private final int threadId;
    private volatile boolean closed;

    private Nftables(Library library, Pointer context, NetlinkSocket socket, int threadId) {
        this.library = library;
        this.context = context;
        this.socket = socket;
        this.threadId = threadId;
    }

    /// @throws NetlinkFailure when the library is missing or returns no context
    public static Nftables open() throws NetlinkFailure {
        return open(new ForeignDatagrams());
    }

    /// As [#open].
    ///
    /// @param foreign counts the discarded datagrams
    public static Nftables open(ForeignDatagrams foreign) throws NetlinkFailure {
        NetlinkSocket socket = NetlinkSocket.openNetfilter(foreign);
        try {
            return open(socket, socket.generation().threadId());
        } catch (NetlinkFailure e) {
            socket.close();
            throw e;
        }
    }

    private static Nftables open(NetlinkSocket socket, int threadId) throws NetlinkFailure {
        Library library;
        try {
            library = LibraryLoader.create(Library.class).failImmediately().load("libnftables.so.1");
        } catch (UnsatisfiedLinkError e) {
            throw new NetlinkFailure(
                    Errno.ENOENT.intValue(), "dlopen", "libnftables.so.1", String.valueOf(e.getMessage()));
        }
        Pointer context = library.nft_ctx_new(0);
        if (context == null) {
            throw new NetlinkFailure(Errno.ENOMEM.intValue(), "nft_ctx_new", "libnftables.so.1", "");
        }
        library.nft_ctx_output_set_flags(context, OUTPUT_JSON);
        int refused = library.nft_ctx_buffer_output(context) | library.nft_ctx_buffer_error(context);
        if (refused != 0) {
            library.nft_ctx_free(context);
            throw new NetlinkFailure(Errno.ENOMEM.intValue(), "nft_ctx_buffer_output", "libnftables.so.1", "");
        }
        return new Nftables(library, context, socket, threadId);
    }

    /// The number of the rule set that is in force in this namespace. Each transaction adds one, whichever
    /// program makes it.
    public int generation() throws NetlinkFailure {
        return socket.generation().id();
    }

    /// The kernel's id of the thread that makes the transactions of [#run]
    /// ([KernelEvent.NftGeneration#threadId]).
    public int threadId() {
        return threadId;
    }

    /// After it is closed, another thread may get its thread id. May be called from any thread.
    public boolean isClosed() {
        return closed;
    }

    /// Runs all commands or none.
    ///
    /// @param commands `{"nftables": [...]}`
    /// @return the output of list commands, as JSON; otherwise empty
    public String run(String commands) throws NetlinkFailure {
        int refused = library.nft_run_cmd_from_buffer(context, commands);
        String output = library.nft_ctx_get_output_buffer(context);
        String errors = library.nft_ctx_get_error_buffer(context);
        if (refused != 0) {
            throw new NetlinkFailure(Errno.EINVAL.intValue(), "nft", "transaction", errors.strip());
        }
        return output;
    }

    @Override
    public void close() {
        closed = true;
        library.nft_ctx_free(context);
        socket.close();
    }
}
