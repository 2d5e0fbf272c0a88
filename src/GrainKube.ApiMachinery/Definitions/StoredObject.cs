using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>What is stored of an object that is changed, for its kind's validation: as a tree, or through its model. Each is made when it is first asked for. Not to be changed.</summary>
public sealed class StoredObject
{
    private readonly KubeObject? item;
    private readonly Func<JsonObject>? make;
    private JsonObject? node;

    /// <param name="node">The object without <c>resourceVersion</c>.</param>
    public StoredObject(JsonObject node) => this.node = node;

    /// <param name="item">The object, in the storage version as it is today.</param>
    /// <param name="node">Gives its tree without <c>resourceVersion</c>.</param>
    public StoredObject(KubeObject item, Func<JsonObject> node) => (this.item, make) = (item, node);

    public JsonObject Node => node ??= make!();

    /// <summary>The object through its model; shared with everybody who reads this version of it.</summary>
    public T As<T>() where T : class => item is null ? TypedView.Of<T>(Node) : item.As<T>();
}
