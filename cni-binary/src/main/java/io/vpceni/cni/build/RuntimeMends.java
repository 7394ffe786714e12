package io.vpceni.cni.build;

import io.vpceni.cni.libc.Memory;
import java.util.List;
import org.teavm.interop.Address;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHierarchy;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.FieldReference;
import org.teavm.model.Instruction;
import org.teavm.model.MethodDescriptor;
import org.teavm.model.MethodHolder;
import org.teavm.model.ValueType;
import org.teavm.model.Variable;
import org.teavm.model.emit.ProgramEmitter;
import org.teavm.model.instructions.GetFieldInstruction;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.runtime.GC;
import org.teavm.runtime.RuntimeClass;

/// What is changed in the executable that TeaVM 0.15.0 makes (ADR 11).
///
/// - **No garbage collector.** Where TeaVM would collect, [Memory] grows. `System.gc()` does nothing.
/// - **`clone()` of an array of primitives** copies as many bytes as the array has. TeaVM asks the array's class
///   instead of its items' whether it is primitive, and so copies eight bytes for each item: over the end of the
///   copy, into what lies behind it.
///
/// Fails the build when TeaVM no longer has the replaced methods.
public final class RuntimeMends implements ClassHolderTransformer {
    private static final ValueType FREE_CHUNK = ValueType.object("org.teavm.runtime.FreeChunk");

    @Override
    public void transformClass(ClassHolder holder, ClassHolderTransformerContext context) {
        switch (holder.getName()) {
            case "org.teavm.runtime.GC" -> growInsteadOfCollecting(holder, context.getHierarchy());
            case "java.lang.Object" -> askTheItemsForTheirSize(holder);
            default -> {}
        }
    }

    private static void growInsteadOfCollecting(ClassHolder gc, ClassHierarchy hierarchy) {
        ProgramEmitter grow = body(gc, new MethodDescriptor("getNextChunk", int.class, void.class), hierarchy);
        grow.setField(
                GC.class,
                "currentChunkLimit",
                grow.invoke(
                        Memory.class,
                        "grown",
                        Address.class,
                        grow.getField(GC.class.getName(), "currentChunk", FREE_CHUNK)
                                .invokeVirtual("toAddress", Address.class),
                        grow.var(1, int.class)));
        grow.exit();
        for (String collection : List.of("collectGarbage", "collectGarbageFull", "tryShrink", "fixHeap")) {
            body(gc, new MethodDescriptor(collection, void.class), hierarchy).exit();
        }
    }

    private static ProgramEmitter body(ClassHolder holder, MethodDescriptor descriptor, ClassHierarchy hierarchy) {
        return ProgramEmitter.create(method(holder, descriptor), hierarchy);
    }

    private static void askTheItemsForTheirSize(ClassHolder object) {
        int mended = 0;
        for (MethodHolder method : object.getMethods()) {
            if (!method.getName().equals("cloneLowLevel")) {
                continue;
            }
            for (BasicBlock block : method.getProgram().getBasicBlocks()) {
                for (Instruction instruction : block) {
                    if (instruction instanceof InvokeInstruction call
                            && call.getMethod().getName().equals("isPrimitive")) {
                        askTheItems(call);
                        mended++;
                    }
                }
            }
        }
        if (mended != 1) {
            throw new IllegalStateException(
                    "Object.cloneLowLevel asks " + mended + " times what is primitive, not once");
        }
    }

    /// `isPrimitive(c)` becomes `isPrimitive(c.itemType)`.
    private static void askTheItems(InvokeInstruction call) {
        Variable itemType = call.getProgram().createVariable();
        GetFieldInstruction get = new GetFieldInstruction();
        get.setInstance(call.getArguments().getFirst());
        get.setField(new FieldReference(RuntimeClass.class.getName(), "itemType"));
        get.setFieldType(ValueType.object(RuntimeClass.class.getName()));
        get.setReceiver(itemType);
        get.setLocation(call.getLocation());
        call.insertPrevious(get);
        call.setArguments(itemType);
    }

    private static MethodHolder method(ClassHolder holder, MethodDescriptor descriptor) {
        MethodHolder method = holder.getMethod(descriptor);
        if (method == null) {
            throw new IllegalStateException(holder.getName() + " has no method " + descriptor);
        }
        return method;
    }
}
