using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Events;

namespace GrainKube.Reconciliation;

/// <summary>What a reconciliation works with.</summary>
/// <param name="Objects">Reads from the cache, writes under the controller's identity, fenced by the slice's epoch.</param>
/// <param name="Events">Records events under the controller's name.</param>
/// <param name="Now">The time at the start of this reconciliation.</param>
public sealed record ReconcileContext(ObjectClient Objects, EventRecorder Events, DateTimeOffset Now);
