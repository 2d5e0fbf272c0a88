using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Which objects of a kind a request is about, besides the namespace.</summary>
internal sealed class Selection
{
    private readonly ResourceDefinition definition;
    private readonly LabelSelector labels;
    private readonly FieldSelector fields;

    private Selection(ResourceDefinition definition, LabelSelector labels, FieldSelector fields, string? name) =>
        (this.definition, this.labels, this.fields, Name) = (definition, labels, fields, name);

    /// <summary>The only name that can match, where there is one.</summary>
    public string? Name { get; }

    public bool IsEmpty => Name is null && labels.IsEverything && fields.IsEverything;

    /// <exception cref="ApiException">400: a selector cannot be read, or asks for a field that the kind does not offer.</exception>
    public static Selection Parse(ResourceCall call, ListParameters parameters)
    {
        var fields = FieldSelector.Parse(parameters.FieldSelector);
        fields.Check(call.Definition);
        return new Selection(call.Definition, LabelSelector.Parse(parameters.LabelSelector), fields, fields.ValueOf("metadata.name"));
    }

    public Selection Named(string name) => new(definition, labels, fields, name);

    public bool Matches(KubeObject item) =>
        (Name is null || item.Key.Name == Name)
        && (labels.IsEverything || labels.Matches(item.Header.Labels))
        && (fields.IsEverything || fields.Matches(item, definition));
}
