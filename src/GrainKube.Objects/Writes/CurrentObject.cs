using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Writes;

/// <summary>What the store holds, or is believed to hold, of the object that is written. Its bytes are parsed once; trees unfold from that as far as somebody looks into them.</summary>
/// <param name="item">The object.</param>
/// <param name="read">Brings what is stored into the storage version as it is today; null where that is the same.</param>
internal sealed class CurrentObject(KubeObject item, Action<JsonObject>? read = null)
{
    private JsonElement? parsed;
    private JsonObject? node;

    public KubeObject Item => item;

    public long Revision => item.Revision;

    public ObjectHeader Header => item.Header;

    /// <summary>The object without <c>resourceVersion</c>. Shared: not to be changed.</summary>
    public JsonObject Node => node ??= Copy();

    /// <summary>The same for validation.</summary>
    public StoredObject Stored => read is null ? new StoredObject(item, () => Node) : new StoredObject(Node);

    /// <summary>A fresh tree without <c>resourceVersion</c> that may be changed.</summary>
    public JsonObject Copy()
    {
        var copy = Whole();
        read?.Invoke(copy);
        copy.Metadata().Remove("resourceVersion");
        return copy;
    }

    /// <summary>A fresh tree of what is stored, with its <c>resourceVersion</c>, that may be changed.</summary>
    public JsonObject Whole() => JsonObject.Create(parsed ??= JsonElement.Parse(item.Json.Span))!;
}
