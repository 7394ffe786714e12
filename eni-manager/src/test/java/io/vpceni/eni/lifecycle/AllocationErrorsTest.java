package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.AllocationError;
import org.junit.jupiter.api.Test;

class AllocationErrorsTest {

    /// Who reads it does different things.
    @Test
    void credentialsThatEc2DoesNotKnowAreNoMissingPermission() {
        assertThat(AllocationErrors.of(Ec2Failure.Kind.NOT_AUTHENTICATED)).isEqualTo(AllocationError.NOT_AUTHENTICATED);
        assertThat(AllocationErrors.of(Ec2Failure.Kind.UNAUTHORIZED)).isEqualTo(AllocationError.UNAUTHORIZED);
        assertThat(AllocationErrors.of(Ec2Failure.Kind.FORBIDDEN_BY_SETTING))
                .isEqualTo(AllocationError.FORBIDDEN_BY_SETTING);
    }
}
