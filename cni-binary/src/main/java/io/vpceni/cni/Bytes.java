package io.vpceni.cni;

/// A growing byte buffer with a maximum size.
final class Bytes {
    private final int max;
    private byte[] array;
    private int length;

    /// @param max above which [#add] fails
    Bytes(int max) {
        this(max, Math.min(max, 256));
    }

    /// @param expected for how many there is room before anything must be copied
    Bytes(int max, int expected) {
        this.max = max;
        this.array = new byte[expected];
    }

    int length() {
        return length;
    }

    /// Later additions may or may not change the returned array.
    byte[] array() {
        return array;
    }

    Bytes add(int value) {
        room(1);
        array[length++] = (byte) value;
        return this;
    }

    Bytes add(byte[] bytes, int from, int count) {
        room(count);
        System.arraycopy(bytes, from, array, length, count);
        length += count;
        return this;
    }

    Bytes add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    /// Big endian, `count` of the lowest bytes.
    Bytes addNumber(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            add(value >> (8 * i));
        }
        return this;
    }

    /// Big endian, overwrites what is there.
    void setNumber(int at, int value, int count) {
        for (int i = 0; i < count; i++) {
            array[at + i] = (byte) (value >> (8 * (count - 1 - i)));
        }
    }

    /// Truncates the buffer.
    void cutTo(int shorter) {
        length = Math.min(length, shorter);
    }

    byte[] toArray() {
        byte[] copy = new byte[length];
        System.arraycopy(array, 0, copy, 0, length);
        return copy;
    }

    /// @throws IllegalStateException when there would be more than the bound
    private void room(int count) {
        if (count > max - length) {
            throw new IllegalStateException("more than " + max + " bytes");
        }
        if (length + count > array.length) {
            byte[] larger = new byte[Math.min(max, Math.max(2 * array.length, length + count))];
            System.arraycopy(array, 0, larger, 0, length);
            array = larger;
        }
    }
}
