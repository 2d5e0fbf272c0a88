using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Objects.Writes;

/// <summary>The part of a write that others have a say in: mutating admission, validation, validating admission.</summary>
internal sealed class Admissions(IEnumerable<IMutatingAdmission> mutating, IEnumerable<IValidatingAdmission> validating)
{
    private readonly IMutatingAdmission[] mutators = [.. mutating];
    private readonly IValidatingAdmission[] validators = [.. validating];

    /// <summary>Lets the mutating plugins edit the object in their order.</summary>
    public async ValueTask MutateAsync(WriteOperation write, AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        if (item is not null)
        {
            MetadataRules.DropDuplicateOwners(item, write);
        }

        if (mutators.Length == 0)
        {
            return;
        }

        var request = write.Admission(operation, item, current?.Node);
        var edited = false;
        foreach (var plugin in mutators)
        {
            if (plugin.Handles(request))
            {
                await plugin.AdmitAsync(request, CancellationToken.None);
                edited = true;
            }
        }

        if (edited && item is not null)
        {
            SchemaDefaults.Apply(item, write.Definition.Schema);
            write.Definition.Defaults?.Apply(item);
        }
    }

    /// <summary>Asks the validating plugins.</summary>
    public async ValueTask ValidateAsync(WriteOperation write, AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        if (validators.Length == 0)
        {
            return;
        }

        var request = write.Admission(operation, item, current?.Node);
        foreach (var plugin in validators)
        {
            if (plugin.Handles(request))
            {
                await plugin.ValidateAsync(request, CancellationToken.None);
            }
        }
    }

    /// <summary>The rules of metadata and of the kind, all errors in one answer.</summary>
    /// <exception cref="ApiException">422.</exception>
    public static void Validate(WriteOperation write, JsonObject next, CurrentObject? current)
    {
        var errors = new FieldErrors();
        if (current is null)
        {
            ObjectMetaValidator.ValidateCreate(next, write.Definition.NameFormat, write.Definition.Names.Namespaced, errors);
        }
        else
        {
            // The rules ask for the revision that was compared before; it is not stored.
            next.Metadata()["resourceVersion"] = current.Revision.ToString(CultureInfo.InvariantCulture);
            ObjectMetaValidator.ValidateUpdate(next, current.Node, errors);
            next.Metadata().Remove("resourceVersion");
        }

        write.Definition.Validate(write.Served, next, current?.Node, write.Request.Subresource, errors, write.Warnings);
        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid(write.Definition.Names.Group, write.Definition.Names.Kind, write.Key.Name, errors);
        }
    }
}
