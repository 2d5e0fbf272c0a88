using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Objects;

/// <summary>
/// One immutable version of an object: its UTF-8 JSON exactly as it goes on the wire (with its <c>resourceVersion</c>) and a header parsed once.
/// </summary>
/// <remarks>The bytes are the truth. <see cref="As{T}"/> is a read-only lens on them; what it returns is never written back.</remarks>
public sealed class KubeObject(ObjectKey key, ObjectHeader header, ReadOnlyMemory<byte> json)
{
    private WeakReference<object>? typed;
    private object[] derived = [];

    /// <summary>Names the object.</summary>
    public ObjectKey Key { get; } = key;

    /// <summary>What was parsed when the object arrived.</summary>
    public ObjectHeader Header { get; } = header;

    /// <summary>The object on the wire, in the storage version of its kind.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>The store's revision of these bytes; the same number as <c>metadata.resourceVersion</c>.</summary>
    public long Revision => Header.Revision;

    /// <summary>A fresh tree that the caller may change.</summary>
    public JsonObject ToNode() => (JsonObject)JsonNode.Parse(Json.Span)!;

    /// <summary>The bytes of a member such as <c>spec</c>; empty where it is absent.</summary>
    public ReadOnlyMemory<byte> Member(ReadOnlySpan<byte> name)
    {
        var json = new Utf8JsonReader(Json.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(name);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (found)
            {
                return Json[start..(int)json.BytesConsumed];
            }
        }

        return default;
    }

    /// <summary>A typed view, parsed on demand and remembered while somebody holds it. Treat it as read-only: it is shared. It has no <c>metadata.managedFields</c>; <see cref="ToNode"/> has.</summary>
    /// <typeparam name="T">A model of the <c>KubernetesClient</c> package that fits the kind.</typeparam>
    /// <exception cref="JsonException">The bytes do not fit the model.</exception>
    public T As<T>() where T : class
    {
        if (typed is { } reference && reference.TryGetTarget(out var target) && target is T cached)
        {
            return cached;
        }

        var view = TypedView.Of<T>(Json.Span);
        typed = new WeakReference<object>(view);
        return view;
    }

    /// <summary>
    /// A small thing computed from these bytes once and kept with them, for readers that look at thousands of objects (a pod's phase and readiness). One instance for each type.
    /// </summary>
    /// <param name="compute">Pure; may run more than once under a race.</param>
    public T Derive<T>(Func<KubeObject, T> compute) where T : class
    {
        foreach (var known in derived)
        {
            if (known is T hit)
            {
                return hit;
            }
        }

        var made = compute(this);
        derived = [.. derived, made];
        return made;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Key}@{Revision}";
}
