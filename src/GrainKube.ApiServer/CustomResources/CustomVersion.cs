using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Schemas.Structural;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.CustomResources.Conversion;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>A version of a custom resource at work: reads what is stored, converts, and judges values.</summary>
internal sealed class CustomVersion
{
    private readonly Lazy<ValueSchema?> values;
    private readonly bool isStorage;
    private IReadOnlyDictionary<string, CustomVersion> all = new Dictionary<string, CustomVersion>();
    private string storage = "";
    private IVersionConversion conversion = NoConversion.Instance;

    public CustomVersion(CustomResourceSpec definition, CustomVersionSpec spec, Func<Schema> metadata, IValueRulesCompiler? compiler)
    {
        values = new(() => spec.Schema is { } source ? ValueSchema.Of(source, compiler) : null);
        isStorage = spec.Name == definition.Storage;
        Served = new ServedVersion(definition.Group, spec.Name, () => StructuralSchema.Of(spec.Schema, metadata()))
        {
            IsServed = spec.IsServed,
            Warning = !spec.IsDeprecated ? null : spec.DeprecationWarning ?? $"{definition.Group}/{spec.Name} {definition.Names.Kind} is deprecated",
            Columns = new CustomResourceColumns(spec.Columns, () => Served!),
            FromStorage = item => Read([item]),
            FromStorageTogether = definition.Webhook is null ? null : Read,
            ToStorage = isStorage ? null : Store,
        };
    }

    public ServedVersion Served { get; }

    /// <summary>Introduces the versions of a kind to each other.</summary>
    public void Connect(IReadOnlyDictionary<string, CustomVersion> versions, string storageVersion, IVersionConversion between) =>
        (all, storage, conversion) = (versions, storageVersion, between);

    /// <summary>Reports what is wrong with an object of this version.</summary>
    public void Validate(JsonObject next, JsonObject? current, FieldErrors errors) => values.Value?.Validate(next, current, errors);

    /// <summary>
    /// A stored object may have been written in another version, and under an older schema: it is pruned and given defaults as if it came in now, then converted.
    /// </summary>
    private void Read(IReadOnlyList<JsonObject> items)
    {
        List<JsonObject> others = [];
        foreach (var item in items)
        {
            var apiVersion = (string?)item["apiVersion"] ?? "";
            var written = all.GetValueOrDefault(apiVersion[(apiVersion.IndexOf('/') + 1)..]) ?? all[storage];
            Pruning.Apply(item, written.Served.Schema);
            SchemaDefaults.Apply(item, written.Served.Schema);
            if (ReferenceEquals(written, this))
            {
                item["apiVersion"] = Served.ApiVersion;
            }
            else
            {
                others.Add(item);
            }
        }

        if (others.Count == 0)
        {
            return;
        }

        conversion.Convert(others, Served.ApiVersion);
        foreach (var item in others)
        {
            Pruning.Apply(item, Served.Schema);
            item["apiVersion"] = Served.ApiVersion;
        }
    }

    private void Store(JsonObject item)
    {
        var target = all[storage].Served;
        conversion.Convert([item], target.ApiVersion);
        Pruning.Apply(item, target.Schema);
    }
}
