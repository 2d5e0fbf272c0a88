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

    /// <summary>False where the version is only stored: no path, discovery or OpenAPI has it.</summary>
    public bool IsServed { get; init; } = true;

    /// <summary>What users of this version are warned of (a deprecated version of a custom resource); null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Columns of <c>kubectl get</c>; null means those of the kind.</summary>
    public IColumns? Columns { get; init; }

    /// <summary>Turns an object of this version, already checked against <see cref="Schema"/>, into the storage version in place; null for the storage version itself.</summary>
    public Action<JsonObject>? ToStorage { get; init; }

    /// <summary>
    /// Turns a stored object into this version in place. Null for the storage version of built-in kinds; custom resources read every version through it, because what is stored
    /// may be older than their schema.
    /// </summary>
    public Action<JsonObject>? FromStorage { get; init; }

    /// <summary>Does what <see cref="FromStorage"/> does for many objects at once; null where that is no cheaper than one by one.</summary>
    public Action<IReadOnlyList<JsonObject>>? FromStorageTogether { get; init; }
}
