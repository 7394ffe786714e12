package io.vpceni.lab.contract;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;

/// The embedded EC2 keeps the contract, and answers as EC2 wherever LocalStack does not.
class EmulationContractTest {
    @Nested
    class Wire extends WireContract {
        @AutoClose
        private final EmulationBackend emulation = EmulationBackend.atOnce();

        @Override
        protected ContractBackend backend() {
            return emulation;
        }
    }

    @Nested
    class Port extends PortContract {
        @AutoClose
        private final EmulationBackend emulation = EmulationBackend.atOnce();

        @Override
        protected ContractBackend backend() {
            return emulation;
        }
    }

    @Nested
    class Deviations extends DeviationContract {
        @AutoClose
        private final EmulationBackend emulation = EmulationBackend.withDelays();

        @Override
        protected ContractBackend backend() {
            return emulation;
        }
    }
}
