using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Schemas;

namespace GrainKube.Resources;

/// <summary>A kind of Kubernetes' own: its schema comes from its model.</summary>
/// <typeparam name="T">The model of the storage version.</typeparam>
public abstract class BuiltInDefinition<T>(ResourceNames names) : ResourceDefinition<T>(names, ModelSchemas.For<T>) where T : class
{
    // Upstream checks the metadata of these by the rules for objects of any kind alone.
    private readonly bool minds = names.Group is not ("admissionregistration.k8s.io" or "apiextensions.k8s.io" or "apiregistration.k8s.io" or "coordination.k8s.io" or "node.k8s.io" or "policy");

    /// <inheritdoc/>
    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        if (minds && next.Object("metadata")?["finalizers"] is JsonArray finalizers)
        {
            Finalizers(finalizers, errors.At("metadata").At("finalizers"));
        }

        base.Validate(next, current, subresource, errors, warnings);
    }

    private static void Finalizers(JsonArray finalizers, FieldErrors errors)
    {
        for (var i = 0; i < finalizers.Count; i++)
        {
            var name = finalizers[i]!.GetValue<string>();
            if (!name.Contains('/') && name is not ("kubernetes" or "orphan" or "foregroundDeletion"))
            {
                errors.At(i).Invalid(name, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    /// <summary>A field selector that reads a scalar straight from the JSON.</summary>
    /// <param name="path">The selector and the path of the field, for example <c>spec.nodeName</c>.</param>
    /// <param name="absent">What the selector compares with where the field is absent: upstream's zero value, <c>false</c> or <c>0</c>.</param>
    protected void Selects(string path, string absent = "") => Selects(path, FieldPath.Reader(path, absent));

    /// <summary>The kind's objects are computed for each question and never stored.</summary>
    protected void ReadsOnly() => (IsStored, Verbs) = (false, ["get", "list"]);

    /// <summary>The kind is a question that is answered and never stored.</summary>
    protected void AsksOnly() => (IsStored, Verbs) = (false, ["create"]);
}
