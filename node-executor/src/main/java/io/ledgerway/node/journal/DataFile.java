package io.ledgerway.node.journal;

import java.io.IOException;
import java.util.Optional;

/// One file of the node's data folder. What was written and not synced survives the end of the process, and may not
/// survive the end of the machine.
public interface DataFile {

    /// All of it; nothing if there is no file.
    Optional<byte[]> read() throws IOException;

    /// Adds bytes at the end. When it throws, any part of them may have been written.
    void append(byte[] bytes) throws IOException;

    /// On return what was appended survives a crash of the machine.
    void sync() throws IOException;

    /// Cuts the file to this length, and syncs that.
    void truncate(long length) throws IOException;

    /// Replaces the file at once and whole, durably: a crash leaves the old one or the new one.
    void replace(byte[] bytes) throws IOException;

    /// Keeps the file under another name, which nothing reads.
    ///
    /// @return the new name, for messages
    String moveAside(String why) throws IOException;

    /// For messages.
    String name();
}
