using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Schemas;

namespace GrainKube.Resources;

/// <summary>A kind of Kubernetes' own: its schema comes from its model.</summary>
/// <typeparam name="T">The model of the storage version.</typeparam>
public abstract class BuiltInDefinition<T>(ResourceNames names) : ResourceDefinition<T>(names, ModelSchemas.For<T>) where T : class
{
    /// <summary>A field selector that reads a scalar straight from the JSON.</summary>
    /// <param name="path">The selector and the path of the field, for example <c>spec.nodeName</c>.</param>
    /// <param name="absent">What the selector compares with where the field is absent: upstream's zero value, <c>false</c> or <c>0</c>.</param>
    protected void Selects(string path, string absent = "") => Selects(path, FieldPath.Reader(path, absent));

    /// <summary>The kind's objects are computed for each question and never stored.</summary>
    protected void ReadsOnly() => (IsStored, Verbs) = (false, ["get", "list"]);

    /// <summary>The kind is a question that is answered and never stored.</summary>
    protected void AsksOnly() => (IsStored, Verbs) = (false, ["create"]);
}
