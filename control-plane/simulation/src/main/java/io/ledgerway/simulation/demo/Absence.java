package io.ledgerway.simulation.demo;

/// How a node may come to be alone.
public enum Absence {
    /// Connections end.
    KAFKA_KILLED("Kafka is killed"),
    /// Connections stay, and nothing comes.
    KAFKA_SILENT("Kafka is stopped with SIGSTOP"),
    CONTROL_PLANE_KILLED("the control plane is killed"),
    CONTROL_PLANE_SILENT("the control plane is stopped with SIGSTOP");

    private final String sentence;

    Absence(String sentence) {
        this.sentence = sentence;
    }

    public void begin(Stage stage) {
        switch (this) {
            case KAFKA_KILLED -> stage.kafka().kill();
            case KAFKA_SILENT -> stage.kafka().pause();
            case CONTROL_PLANE_KILLED -> stage.killControlPlane();
            case CONTROL_PLANE_SILENT -> stage.pauseControlPlane();
        }
    }

    /// Does not wait for anybody.
    public void end(Stage stage) {
        switch (this) {
            case KAFKA_KILLED -> stage.kafka().start();
            case KAFKA_SILENT -> stage.kafka().resume();
            case CONTROL_PLANE_KILLED -> stage.startControlPlane();
            case CONTROL_PLANE_SILENT -> stage.resumeControlPlane();
        }
    }

    @Override
    public String toString() {
        return sentence;
    }
}
