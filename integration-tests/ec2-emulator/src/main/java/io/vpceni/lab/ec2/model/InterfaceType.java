package io.vpceni.lab.ec2.model;

/// The kinds of ENI that can be created.
public enum InterfaceType {
    INTERFACE("interface"),
    EFA("efa"),
    TRUNK("trunk");

    private final String text;

    InterfaceType(String text) {
        this.text = text;
    }

    /// EC2's word.
    public String text() {
        return text;
    }
}
