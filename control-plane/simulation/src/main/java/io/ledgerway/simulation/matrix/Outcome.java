package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;

/// What came of a probe, or what should.
public sealed interface Outcome {

    /// Whether it is what was expected.
    default boolean is(Outcome expected) {
        return equals(expected);
    }

    /// @param seenAs the caller's address as the other side saw it
    /// @param answeredBy the answer's sender as the caller saw it
    record Answered(IpAddress seenAs, IpAddress answeredBy) implements Outcome {

        @Override
        public String toString() {
            return "an answer from " + answeredBy + " to " + seenAs;
        }
    }

    /// Like [Answered], with packets of at most so many bytes.
    record AnsweredWhole(IpAddress seenAs, IpAddress answeredBy, int bytes) implements Outcome {

        @Override
        public String toString() {
            return "an answer from " + answeredBy + " to " + seenAs + " in packets of at most " + bytes + " bytes";
        }
    }

    /// An answer, but the VPC carried so many frames meanwhile.
    record Detour(long frames) implements Outcome {

        @Override
        public String toString() {
            return "an answer by way of the VPC, which carried " + frames + " frames";
        }
    }

    /// No answer; why does not matter to whoever expects none.
    record Silence(String why) implements Outcome {

        @Override
        public boolean is(Outcome expected) {
            return expected instanceof Silence;
        }

        @Override
        public String toString() {
            return "no answer (" + why + ")";
        }
    }
}
