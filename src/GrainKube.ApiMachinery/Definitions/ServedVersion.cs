using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>A group and version under which a kind is served. The storage version converts by doing nothing.</summary>
public sealed class ServedVersion(string group, string version, Func<Schema> schema)
{
    private readonly Lazy<Schema> lazy = new(schema);

    /// <summary>Usually the kind's own; <c>events.k8s.io</c> serves what the core group stores.</summary>
    public string Group { get; } = group;

    /// <summary>For example <c>v1</c>.</summary>
    public string Version { get; } = version;

    /// <summary>The kind's root schema in this version; made when first asked for, because start-up must not wait for a hundred of them.</summary>
    public Schema Schema => lazy.Value;

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Columns of <c>kubectl get</c>; null means those of the kind.</summary>
    public IColumns? Columns { get; init; }

    /// <summary>Turns an object of this version, already checked against <see cref="Schema"/>, into the storage version in place; null for the storage version itself.</summary>
    public Action<JsonObject>? ToStorage { get; init; }

    /// <summary>Turns a stored object into this version in place; null for the storage version itself.</summary>
    public Action<JsonObject>? FromStorage { get; init; }
}
