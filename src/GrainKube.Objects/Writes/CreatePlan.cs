using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>POST, or a PUT on an absent name where the kind allows it. The store decides whether the name was free.</summary>
internal sealed class CreatePlan(Admissions admissions)
{
    public Task<PlannedWrite> PlanAsync(WriteOperation write) => PlanAsync(write, Bodies.ReadObject(write));

    public async Task<PlannedWrite> PlanAsync(WriteOperation write, JsonObject item)
    {
        MetadataRules.FillForCreate(item, write);
        Ownership.OfCreate(write, item);
        await admissions.MutateAsync(write, AdmissionOperation.Create, item, null);
        MetadataRules.Complete(item, write);
        if (write.Definition.HasStatus && !write.Definition.KeepsStatusOnCreate)
        {
            item.Remove("status");

            // What a status holds before anybody wrote one: the zeros that upstream always sends.
            SchemaDefaults.Apply(item, write.Definition.Schema);
        }

        write.Definition.Strategy.PrepareForCreate(item, write.Scope);
        Admissions.Validate(write, item, null);
        await admissions.ValidateAsync(write, AdmissionOperation.Create, item, null);
        var revision = item.Metadata().Text("resourceVersion");
        if (write.Request.Verb == WriteVerb.Create && ulong.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != 0)
        {
            // Upstream finds this in the storage layer, after validation, does not look at what is no number, and answers 500; the mistake is the client's.
            throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
        }

        item.Metadata().Remove("resourceVersion");
        return new PlannedWrite { Action = PlannedAction.Put, Next = item, Code = 201, TraceParent = write.Request.TraceParent, TracedAt = write.Scope.Now };
    }
}
