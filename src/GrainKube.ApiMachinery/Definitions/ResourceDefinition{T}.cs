using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>A built-in kind with a model from the <c>KubernetesClient</c> package. Derived types say in their constructor what the kind has.</summary>
/// <typeparam name="T">The model of the storage version.</typeparam>
public abstract class ResourceDefinition<T> : ResourceDefinition where T : class
{
    private readonly Lazy<IReadOnlyList<ServedVersion>> versions;
    private IValidator<T>? validator;

    /// <param name="names">The kind's names.</param>
    /// <param name="schema">Makes the root schema of the storage version; called once, when first needed.</param>
    protected ResourceDefinition(ResourceNames names, Func<Schema> schema)
        : base(names) => versions = new(() => [new ServedVersion(names.Group, names.Version, schema) { Warning = Deprecation }, .. OtherVersions()]);

    public sealed override IReadOnlyList<ServedVersion> Versions => versions.Value;
    public sealed override Type Model => typeof(T);

    /// <summary>What users of the storage version are warned of, in upstream's words; null where it is not deprecated.</summary>
    protected virtual string? Deprecation => null;

    /// <summary>Versions besides the storage version, with their conversions.</summary>
    protected virtual IReadOnlyList<ServedVersion> OtherVersions() => [];

    protected void Uses(IDefaults defaults) => Defaults = defaults;

    protected void Uses(IStrategy strategy) => Strategy = strategy;

    protected void Uses(IValidator<T> itsValidator) => validator = itsValidator;

    protected void Uses(IColumns columns) => Columns = columns;

    /// <summary>A <c>/status</c> subresource, and with it a generation.</summary>
    protected void WithStatus(bool generation = true) => (HasStatus, HasGeneration) = (true, generation);

    protected void WithScale(string spec, string status, string? selector) => Scale = new ScaleMapping(spec, status, selector);

    /// <summary>A field selector, read from the typed view unless <paramref name="read"/> is cheaper.</summary>
    protected void Selects(string field, Func<KubeObject, string> read) =>
        SelectableFields = new Dictionary<string, Func<KubeObject, string>>(SelectableFields) { [field] = read };

    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        if (validator is null || (current is not null && subresource is not ("" or "status" or "scale") && !validator.HasRulesFor(subresource)))
        {
            return;
        }

        var item = TypedView.Of<T>(next);
        if (current is null)
        {
            validator.Validate(item, errors);
            Warn(item, null, errors, warnings);
        }
        else if (subresource == "status")
        {
            validator.ValidateStatusUpdate(item, current.As<T>(), errors);
        }
        else if (subresource is not ("" or "scale"))
        {
            validator.ValidateSubresource(subresource, item, current.As<T>(), errors);
        }
        else
        {
            var before = current.As<T>();
            validator.ValidateUpdate(item, before, errors);
            Warn(item, before, errors, warnings);
        }
    }

    /// <summary>Who is told of errors is not told of warnings as well.</summary>
    private void Warn(T next, T? current, FieldErrors errors, IList<string> warnings)
    {
        if (errors.IsEmpty)
        {
            validator!.Warn(next, current, warnings);
        }
    }
}
