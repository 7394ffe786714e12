package io.vpceni.lab.contract;

/// One thing that LocalStack 4.14.0 does otherwise than EC2.
///
/// @param call what is asked
/// @param ec2 what EC2 answers
/// @param localStack what LocalStack answers
/// @param askedOf who is asked: both, but where the emulation refuses what it does not know
/// @param probe asks, and tells the answer in the words of the two columns
record Deviation(String call, String ec2, String localStack, AskedOf askedOf, Probe probe) {
    /// Asks the EC2 under test.
    @FunctionalInterface
    interface Probe {
        String ask(Bench bench) throws Exception;
    }

    /// Who must give the answer that the table says.
    enum AskedOf {
        BOTH,
        LOCALSTACK
    }

    /// Asked of the emulation, which answers as EC2 does, and of LocalStack.
    static Deviation of(String call, String ec2, String localStack, Probe probe) {
        return new Deviation(call, ec2, localStack, AskedOf.BOTH, probe);
    }

    /// Asked of LocalStack only: the emulation refuses it as something that it does not know.
    static Deviation notEmulated(String call, String ec2, String localStack, Probe probe) {
        return new Deviation(call, ec2, localStack, AskedOf.LOCALSTACK, probe);
    }

    boolean isAskedOf(ContractBackend.Kind kind) {
        return switch (kind) {
            case EMULATION -> askedOf == AskedOf.BOTH;
            case LOCALSTACK -> true;
        };
    }

    String expected(ContractBackend.Kind kind) {
        return switch (kind) {
            case EMULATION -> ec2;
            case LOCALSTACK -> localStack;
        };
    }

    @Override
    public String toString() {
        return call;
    }
}
