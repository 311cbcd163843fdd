package io.ledgerway.node.journal;

import io.ledgerway.domain.IpAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which addresses the log was asked for, or has given, since the state on disk was taken: that state does not
/// show what became of them, so a restart without the log leaves them alone. Notes are not synced. They survive
/// the end of the process; the end of the machine ends every endpoint anyway.
///
/// A state that is being saved begins a new round; when it is on disk, the notes of the rounds before it are over.
final class Notes {

    sealed interface Note {
        byte[] bytes();

        /// Nothing if this version does not know it.
        static Optional<Note> of(byte[] bytes) {
            try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                return switch (in.readByte()) {
                    case ASKED -> {
                        var addresses = new ArrayList<IpAddress>();
                        for (int left = in.readInt(); left > 0; left--) {
                            addresses.add(new IpAddress(in.readUTF()));
                        }
                        yield Optional.of(new Asked(addresses));
                    }
                    case TAKEN -> Optional.of(new Taken(in.readLong()));
                    case SAVED -> Optional.of(new Saved(in.readLong()));
                    default -> Optional.empty();
                };
            } catch (IOException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    private static final byte ASKED = 1;
    private static final byte TAKEN = 2;
    private static final byte SAVED = 3;

    record Asked(List<IpAddress> addresses) implements Note {
        Asked {
            addresses = List.copyOf(addresses);
        }

        @Override
        public byte[] bytes() {
            return written(out -> {
                out.writeByte(ASKED);
                out.writeInt(addresses.size());
                for (var ip : addresses) {
                    out.writeUTF(ip.value());
                }
            });
        }
    }

    /// The state of this round is what will be saved.
    record Taken(long round) implements Note {
        @Override
        public byte[] bytes() {
            return written(out -> {
                out.writeByte(TAKEN);
                out.writeLong(round);
            });
        }
    }

    record Saved(long round) implements Note {
        @Override
        public byte[] bytes() {
            return written(out -> {
                out.writeByte(SAVED);
                out.writeLong(round);
            });
        }
    }

    private record Placed(Note note, long after) {}

    private final List<Placed> placed = new ArrayList<>();
    private long round;

    /// @param after the last entry before it
    void add(Note note, long after) {
        switch (note) {
            case Asked asked -> placed.add(new Placed(asked, after));
            case Taken taken -> {
                round = Math.max(round, taken.round());
                placed.add(new Placed(taken, after));
            }
            case Saved saved -> {
                var taken = placed.stream().map(Placed::note).toList().indexOf(new Taken(saved.round()));
                placed.subList(0, taken + 1).clear();
            }
        }
    }

    long nextRound() {
        return round + 1;
    }

    /// Those asked for before any entry that is left.
    List<Note> upTo(long sequence) {
        return placed.stream()
                .filter(each -> each.after() <= sequence)
                .map(Placed::note)
                .toList();
    }

    List<Note> after(long sequence) {
        return placed.stream()
                .filter(each -> each.after() == sequence)
                .map(Placed::note)
                .toList();
    }

    /// In the order in which they were asked for.
    List<Journal.Asked> asked() {
        var all = new ArrayList<Journal.Asked>();
        for (var each : placed) {
            if (each.note() instanceof Asked asked) {
                asked.addresses().forEach(ip -> all.add(new Journal.Asked(ip, each.after())));
            }
        }
        return all;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
