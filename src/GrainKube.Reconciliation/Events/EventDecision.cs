using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation.Events;

/// <summary>What becomes of an event.</summary>
/// <param name="Drop">Too many about this object: it is not written.</param>
/// <param name="Existing">The event whose count grows; null writes a new one.</param>
/// <param name="Count">The count to write.</param>
/// <param name="Message">The message to write; combined where many similar ones came.</param>
/// <param name="Series">Under what key the next equal one is found.</param>
internal sealed record EventDecision(bool Drop, ObjectKey? Existing, int Count, string Message, string Series);
