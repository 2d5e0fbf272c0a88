using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>Fills in what the schema's constant defaults cannot say (a default that depends on another field).</summary>
public interface IDefaults
{
    /// <summary>Edits the object of the storage version in place. Called on create, update and patch, after the schema's own defaults; must be idempotent.</summary>
    void Apply(JsonObject item);

    /// <summary>The same for a write to <c>/status</c>, of which only status and metadata are kept: a kind that gives its status no defaults need not look at the rest.</summary>
    void ApplyToStatus(JsonObject item) => Apply(item);
}
