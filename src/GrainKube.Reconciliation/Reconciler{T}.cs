using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation;

/// <summary>
/// A controller for objects of one kind. It gets a key, reads the world, closes the gap; it never asks what happened, keeps nothing between calls and never sleeps.
/// </summary>
/// <typeparam name="T">Model of the kind it reconciles.</typeparam>
public abstract class Reconciler<T> : IReconciler where T : class
{
    public abstract string Name { get; }

    public virtual string Identity => Name + "-controller";

    public virtual int Slices => 1;

    public virtual void Configure(ReconcilerWiring wiring) => wiring.Reconciles<T>();

    public Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel) =>
        context.Objects.Get(key) is { } item
            ? ReconcileAsync(item, item.As<T>(), context, cancel)
            : GoneAsync(key, context, cancel);

    /// <summary>Closes the gap for an object that exists.</summary>
    /// <param name="item">The object: its header and bytes.</param>
    /// <param name="view">A read-only typed view of it.</param>
    /// <param name="context">What to work with.</param>
    /// <param name="cancel">The slice is moving or the silo is stopping.</param>
    protected abstract Task<Outcome> ReconcileAsync(KubeObject item, T view, ReconcileContext context, CancellationToken cancel);

    /// <summary>The object is gone; most controllers have nothing left to do.</summary>
    protected virtual Task<Outcome> GoneAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel) => Task.FromResult(Outcome.Done);
}
