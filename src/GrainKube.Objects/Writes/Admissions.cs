using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>The part of a write that others have a say in: mutating admission, validation, validating admission.</summary>
internal sealed class Admissions(IEnumerable<IMutatingAdmission> mutating, IEnumerable<IValidatingAdmission> validating)
{
    private readonly IMutatingAdmission[] mutators = [.. mutating];
    private readonly IValidatingAdmission[] validators = [.. validating];

    /// <summary>Lets the mutating plugins edit the object in their order; then it is shown to those outside, unless that was done with the body of a subresource.</summary>
    public async ValueTask MutateAsync(WriteOperation write, AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        var showsBody = OutsideAdmission.ShowsBody(write);
        var managers = item is null ? null : Ownership.ListOf(item);
        if (item is not null)
        {
            if (!showsBody)
            {
                OutsideAdmission.TakeOver(write, item);
            }

            MetadataRules.DropDuplicateOwners(item, write);
        }

        using (ShowRevision(operation, item, current))
        {
            if (!write.Request.IsPart)
            {
                await MutateInProcessAsync(write, operation, item, current);
            }

            if (!showsBody)
            {
                OutsideAdmission.Show(write, operation, item, current?.Item.Json, current);
            }
        }

        if (item is not null)
        {
            Ownership.CheckAdmitted(write, item, managers);
        }
    }

    /// <summary>All of it for the body of a subresource, which is finished when it is read. The object that the body is applied to is shown to the other plugins afterwards.</summary>
    /// <param name="write">The write.</param>
    /// <param name="operation">As admission calls it.</param>
    /// <param name="body">May be edited.</param>
    /// <param name="kind">Of the body.</param>
    /// <param name="old">The same of what is stored; null where the subresource cannot be read.</param>
    /// <param name="current">The object.</param>
    public async ValueTask AskOfBodyAsync(WriteOperation write, AdmissionOperation operation, JsonObject body, DecodeTarget kind, JsonObject? old, CurrentObject current)
    {
        ReadOnlyMemory<byte>? before = old is null ? null : StoredJson.ToBytes(old);
        OutsideAdmission.TakeOver(write, body);
        using (ShowRevision(operation, body, current))
        {
            await MutateInProcessAsync(write.Admission(operation, validates: false, body, old, current, kind), bodies: true);
            OutsideAdmission.Show(write, operation, body, before, current);
            await ValidateInProcessAsync(write.Admission(operation, validates: true, body, old, current, kind), bodies: true);
            OutsideAdmission.ShowValid(write, operation, body, before, current);
        }
    }

    private async ValueTask MutateInProcessAsync(WriteOperation write, AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        var request = write.Admission(operation, validates: false, item, current?.Node, current);
        request.LacksDefaults = write.Request.Admitted?.Object is not null;
        await MutateInProcessAsync(request, BodiesOf(write));
        if (request.LacksDefaults && item is not null)
        {
            SchemaDefaults.Apply(item, write.Definition.Schema);
            write.Definition.Defaults?.Apply(item);
        }
    }

    /// <summary>Those that judge bodies have been asked where there is one.</summary>
    private static bool? BodiesOf(WriteOperation write) => OutsideAdmission.ShowsBody(write) ? false : null;

    /// <param name="request">The question.</param>
    /// <param name="bodies">Only those that judge bodies, or only the others; null for all.</param>
    private async ValueTask MutateInProcessAsync(AdmissionRequest request, bool? bodies)
    {
        foreach (var plugin in mutators)
        {
            if ((bodies ?? plugin.JudgesBodies) == plugin.JudgesBodies && plugin.Handles(request))
            {
                await plugin.AdmitAsync(request, CancellationToken.None);
            }
        }
    }

    private async ValueTask ValidateInProcessAsync(AdmissionRequest request, bool? bodies)
    {
        foreach (var plugin in validators)
        {
            if ((bodies ?? plugin.JudgesBodies) == plugin.JudgesBodies && plugin.Handles(request))
            {
                await plugin.ValidateAsync(request, CancellationToken.None);
            }
        }
    }

    /// <summary>Asks the validating plugins.</summary>
    public async ValueTask ValidateAsync(WriteOperation write, AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        using (ShowRevision(operation, item, current))
        {
            if (validators.Length > 0 && !write.Request.IsPart)
            {
                await ValidateInProcessAsync(write.Admission(operation, validates: true, item, current?.Node, current), BodiesOf(write));
            }

            if (!OutsideAdmission.ShowsBody(write))
            {
                OutsideAdmission.ShowValid(write, operation, item, current?.Item.Json, current);
            }
        }
    }

    /// <summary>Who looks at an update sees on which revision it rests; that is no part of what is stored.</summary>
    private static ShownRevision ShowRevision(AdmissionOperation operation, JsonObject? item, CurrentObject? current)
    {
        if (operation != AdmissionOperation.Update || item is null || current is null)
        {
            return default;
        }

        item.Metadata()["resourceVersion"] = current.Revision.ToString(CultureInfo.InvariantCulture);
        return new ShownRevision(item);
    }

    /// <summary>The rules of metadata and of the kind, all errors in one answer.</summary>
    /// <exception cref="ApiException">422.</exception>
    public static void Validate(WriteOperation write, JsonObject next, CurrentObject? current)
    {
        var errors = FieldErrors.Take();
        if (current is null)
        {
            ObjectMetaValidator.ValidateCreate(next, write.Definition.NameFormat, write.Definition.Names.Namespaced, errors);
        }
        else
        {
            using (ShowRevision(AdmissionOperation.Update, next, current))
            {
                ObjectMetaValidator.ValidateUpdate(next, current.Node, errors);
            }
        }

        write.Definition.Validate(write.Served, next, current?.Stored, write.Request.Subresource, errors, write.Warnings);
        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid(write.Definition.Names.Group, write.Definition.Names.Kind, next.Metadata().Text("name"), errors);
        }

        errors.Return();
    }

    private readonly struct ShownRevision(JsonObject? item) : IDisposable
    {
        public void Dispose() => item?.Metadata().Remove("resourceVersion");
    }
}
