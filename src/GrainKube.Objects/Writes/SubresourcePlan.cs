using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>Writes through <c>/scale</c> and through the operations that a kind defines itself.</summary>
internal sealed class SubresourcePlan(Admissions admissions, UpdatePlan updates)
{
    public async Task<PlannedWrite> ScaleAsync(WriteOperation write, CurrentObject? current)
    {
        var mapping = write.Definition.Scale ?? throw ApiException.NoSuchResource();
        if (current is null)
        {
            throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        var scale = write.Request.Verb == WriteVerb.Patch
            ? Bodies.Patch(write, ScaleView.Of(current.Item, mapping), ScaleView.Schema, ScaleView.Target)
            : Bodies.Read(write, ScaleView.Schema, ScaleView.Target);
        MetadataRules.MatchNames(scale, write.Key);
        UpdatePlan.CheckPreconditions(write, current, scale, mayOmitRevision: true);
        await admissions.AskOfBodyAsync(write, AdmissionOperation.Update, scale, ScaleView.Target, ScaleView.Of(current.Item, mapping), current);
        var replicas = (scale["spec"] as JsonObject)?.Integer("replicas") ?? 0;
        if (replicas < 0)
        {
            var errors = new FieldErrors();
            errors.At("spec").At("replicas").Invalid(replicas, "must be greater than or equal to 0");
            throw ApiException.Invalid("autoscaling", "Scale", write.Key.Name, errors);
        }

        var next = current.Copy();
        ScaleView.SetReplicas(next, mapping, replicas);
        Ownership.OfUpdate(write, current, next);
        await admissions.MutateAsync(write, AdmissionOperation.Update, next, current);
        write.Definition.Strategy.PrepareForUpdate(next, current.Node, write.Scope);
        return await updates.FinishAsync(write, current, next, countsGeneration: true);
    }

    public async Task<PlannedWrite> InvokeAsync(WriteOperation write, CurrentObject? current)
    {
        var subresource = write.Definition.Subresources.FirstOrDefault(s => s.Name == write.Request.Subresource) ?? throw ApiException.NoSuchResource();
        if (current is null)
        {
            throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        var body = Body(write, subresource, current);
        MetadataRules.MatchUid(body.Metadata().Text("uid"), current.Header.Uid, write);
        var revision = MetadataRules.TakeRevision(body);
        if (revision != 0 && revision != current.Revision)
        {
            throw ApiException.StaleObject(write.Definition.GroupResource, write.Key.Name);
        }

        if (write.Request.Preconditions is { } wanted)
        {
            DeletePlan.CheckPreconditions(write, current, wanted);
        }

        var operation = write.Request.Verb == WriteVerb.Create ? AdmissionOperation.Create : AdmissionOperation.Update;
        if (OutsideAdmission.ShowsBody(write))
        {
            await admissions.AskOfBodyAsync(write, operation, body, new DecodeTarget(subresource.Group, subresource.Version, subresource.Kind), null, current);
        }

        var next = current.Copy();
        subresource.Apply(next, body, write.Scope);
        MetadataRules.CarryOver(next, current);
        Ownership.OfUpdate(write, current, next);
        await admissions.MutateAsync(write, operation, next, current);
        var plan = await updates.FinishAsync(write, current, next, countsGeneration: !subresource.AnswersStatus);
        return subresource.AnswersStatus
            ? plan with { Code = 201, Status = new Status { Code = 201, Reason = "", Message = "" } }
            : plan with { Code = write.Request.Verb == WriteVerb.Create ? 201 : 200 };
    }

    private static JsonObject Body(WriteOperation write, Subresource subresource, CurrentObject current)
    {
        if (write.Request.Verb == WriteVerb.Patch)
        {
            var patched = UpdatePlan.Patched(write, current);
            MetadataRules.MatchNames(patched, write.Key);
            return patched;
        }

        var body = subresource.BodySchema is { } schema
            ? Bodies.Read(write, schema, new DecodeTarget(subresource.Group, subresource.Version, subresource.Kind))
            : Bodies.ReadObject(write);
        if (body.Metadata().Text("name").Length > 0)
        {
            MetadataRules.MatchNames(body, write.Key);
        }

        return body;
    }
}
