using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Objects.Cache;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>The places of a plan where what is outside the grain's turn looks at the object or has changed it.</summary>
internal static class OutsideAdmission
{
    /// <summary>True where those outside are shown the body of a subresource (a Scale, a Binding), which is of another kind than the object.</summary>
    public static bool ShowsBody(WriteOperation write) => write.Request.Subresource.Length > 0 && HasBody(write.Definition, write.Request.Subresource);

    private static bool HasBody(ResourceDefinition definition, string subresource) =>
        subresource == "scale" || definition.Subresources.Any(s => s.Name == subresource && s.BodySchema is not null);

    /// <summary>Puts what those outside made of the object into its place.</summary>
    /// <exception cref="ApiMachinery.Errors.ApiException">400: they renamed it.</exception>
    public static void TakeOver(WriteOperation write, JsonObject item)
    {
        if (write.Request.Admitted?.Object is not { } admitted)
        {
            return;
        }

        item.Clear();
        foreach (var (name, value) in ((JsonObject)JsonNode.Parse(admitted)!).ToList())
        {
            item[name] = value?.DeepClone();
        }

        if (!ShowsBody(write) && !write.MayBeRenamed)
        {
            MetadataRules.MatchNames(item, write.Key);
        }
    }

    /// <summary>The end of a write that is prepared only as far as mutation.</summary>
    public static void Show(WriteOperation write, AdmissionOperation operation, JsonObject? item, ReadOnlyMemory<byte>? old, CurrentObject? current)
    {
        if (write.PreparesTo == PrepareStage.Mutated)
        {
            throw new MutationReachedException(Prepared(write, operation, item, old, current));
        }
    }

    /// <summary>Keeps what a validated write is to be shown as.</summary>
    public static void ShowValid(WriteOperation write, AdmissionOperation operation, JsonObject? item, ReadOnlyMemory<byte>? old, CurrentObject? current)
    {
        if (write.PreparesTo == PrepareStage.Validated)
        {
            write.Prepared = Prepared(write, operation, item, old, current);
        }
    }

    private static PreparedWrite Prepared(WriteOperation write, AdmissionOperation operation, JsonObject? item, ReadOnlyMemory<byte>? old, CurrentObject? current) => new()
    {
        Operation = operation,
        Revision = current?.Revision ?? 0,
        Options = StoredJson.ToBytes(OperationOptions.Of(write, operation, current)),
        Object = item is null ? null : StoredJson.ToBytes(item),
        Old = old?.ToArray(),
    };
}
