package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.life.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

public final class CallDesk {
    public record Due(long call, Ec2Call what) {}

    private final List<Due> waiting = new ArrayList<>();

    public CallDesk(BudgetSettings settings, long seed) {}

    public Optional<Ec2Failure> submit(long call, Ec2Call what, Priority priority, Instant now) {
        waiting.add(new Due(call, what));
        return Optional.empty();
    }

    public List<Due> due(Instant now) {
        List<Due> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    public Optional<Instant> dueNextAt(Instant now) {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(now);
    }

    public void answered(long call, Instant now) {}

    public Optional<Ec2Failure> failed(long call, Ec2Failure failure, Instant now) {
        return Optional.of(failure);
    }

    public BudgetSnapshot snapshot(Instant now) {
        return new BudgetSnapshot();
    }
}
