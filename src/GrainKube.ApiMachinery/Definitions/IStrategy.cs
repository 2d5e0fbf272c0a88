using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>What a kind does to an object before it is validated, apart from defaults. Every method edits in place; the defaults do nothing.</summary>
public interface IStrategy
{
    /// <summary>Before a create. <c>status</c> is already dropped where the kind has a status subresource.</summary>
    void PrepareForCreate(JsonObject item, WriteScope scope) { }

    /// <summary>Before an update of the object itself. <c>status</c> is already carried over from <paramref name="current"/>.</summary>
    void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) { }

    /// <summary>Before an update through <c>/status</c>. Everything but <c>status</c> (and metadata's finalizers, owners, labels and annotations as upstream allows) is already carried over.</summary>
    void PrepareForStatusUpdate(JsonObject next, JsonObject current, WriteScope scope) { }

    /// <summary>
    /// How long the object may linger after a delete, in seconds; zero or less removes it at once; null
    /// as well, and says that the kind knows no such periods. <paramref name="requested"/> is the client's
    /// <c>gracePeriodSeconds</c>, or null. Most kinds are removed at once.
    /// </summary>
    long? GracePeriodSeconds(JsonObject current, long? requested) => null;

    /// <summary>True keeps the object, marked as deleting, although it has no finalizers in its metadata (a Namespace with <c>spec.finalizers</c>). May edit the object (its phase).</summary>
    bool MustLinger(JsonObject current) => false;
}
