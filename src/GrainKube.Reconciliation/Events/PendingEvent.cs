using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation.Events;

/// <summary>An event on its way to the writer.</summary>
internal sealed record PendingEvent(ObjectHeader About, string Type, string Reason, string Message, string FieldPath, DateTimeOffset At);
