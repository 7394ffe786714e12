package io.vpceni.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShuffledCycleTest {
    @Test
    void eachCardComesOnceBeforeOneComesAgain() {
        ShuffledCycle<String> deck = new ShuffledCycle<>(List.of("a", "b", "c", "d"), new SplittableRandom(1));

        assertThat(Stream.generate(deck::next).limit(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(Stream.generate(deck::next).limit(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void oneSeedGivesOneOrder() {
        List<Integer> cards = List.of(1, 2, 3, 4, 5, 6);
        ShuffledCycle<Integer> one = new ShuffledCycle<>(cards, new SplittableRandom(7));
        ShuffledCycle<Integer> other = new ShuffledCycle<>(cards, new SplittableRandom(7));

        assertThat(Stream.generate(one::next).limit(12).toList())
                .isEqualTo(Stream.generate(other::next).limit(12).toList());
    }
}
