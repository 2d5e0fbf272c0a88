using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>Fills in what the schema's constant defaults cannot say (a default that depends on another field).</summary>
public interface IDefaults
{
    /// <summary>Edits the object of the storage version in place. Called on create, update and patch, after the schema's own defaults; must be idempotent.</summary>
    void Apply(JsonObject item);
}
