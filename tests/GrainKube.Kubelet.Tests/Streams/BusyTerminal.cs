using System.Reflection;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Streams;

/// <summary>Containers whose commands have ended already, and whose terminals take no size for as long as they are asked.</summary>
internal class BusyTerminal : DispatchProxy
{
    private IContainers inner = null!;

    public static IContainers Over(IContainers inner)
    {
        var proxy = Create<IContainers, BusyTerminal>();
        ((BusyTerminal)(object)proxy).inner = inner;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IContainers.OpenExecAsync) ? Task.FromResult<IContainerSession>(new Session()) : targetMethod.Invoke(inner, args);

    private sealed class Session : IContainerSession
    {
        public ValueTask<SessionOutput?> ReadAsync(CancellationToken cancel) => ValueTask.FromResult<SessionOutput?>(null);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel));

        public ValueTask CloseInputAsync(CancellationToken cancel) => new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel));

        public ValueTask ResizeAsync(ushort width, ushort height, CancellationToken cancel) => new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel));

        public ValueTask<int?> GetExitCodeAsync(CancellationToken cancel) => ValueTask.FromResult<int?>(0);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
