using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Writes;

/// <summary>What the store holds, or is believed to hold, of the object that is written.</summary>
/// <param name="item">The object.</param>
/// <param name="read">Brings what is stored into the storage version as it is today; null where that is the same.</param>
internal sealed class CurrentObject(KubeObject item, Action<JsonObject>? read = null)
{
    private JsonObject? node;

    public KubeObject Item => item;

    public long Revision => item.Revision;

    public ObjectHeader Header => item.Header;

    /// <summary>The object without <c>resourceVersion</c>. Parsed once and shared: not to be changed.</summary>
    public JsonObject Node => node ??= Copy();

    /// <summary>A fresh tree without <c>resourceVersion</c> that may be changed.</summary>
    public JsonObject Copy()
    {
        var copy = item.ToNode();
        read?.Invoke(copy);
        copy.Metadata().Remove("resourceVersion");
        return copy;
    }
}
