using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation;

/// <summary>A controller as the framework sees it. Derive from <see cref="Reconciler{T}"/>.</summary>
public interface IReconciler
{
    /// <summary>The controller's name, as <c>--controllers</c> has it, for example <c>replicaset</c>.</summary>
    string Name { get; }

    /// <summary>The service account in <c>kube-system</c> as which it writes, for example <c>replicaset-controller</c>.</summary>
    string Identity { get; }

    /// <summary>Into how many slices its keys are hashed. A constant: changing it is a migration.</summary>
    int Slices { get; }

    /// <summary>Says what wakes which keys. Called once on each silo.</summary>
    void Configure(ReconcilerWiring wiring);

    /// <summary>Closes the gap between what is and what should be for one key. The object may be gone.</summary>
    Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel);
}
