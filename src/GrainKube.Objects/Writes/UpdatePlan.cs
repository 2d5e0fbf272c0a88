using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Objects.Writes;

/// <summary>PUT and PATCH of an object or of its <c>/status</c>.</summary>
internal sealed class UpdatePlan(Admissions admissions, CreatePlan creates)
{
    public async Task<PlannedWrite> PutAsync(WriteOperation write, CurrentObject? current)
    {
        var item = Bodies.ReadObject(write);
        MetadataRules.MatchNames(item, write.Key);
        if (current is null)
        {
            MetadataRules.MatchUid(item.Metadata().Text("uid"), "", write);
            return write.Definition.CreatesOnUpdate && write.Request.Subresource.Length == 0
                ? await CreateAsync(write, item)
                : throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        return await PlanAsync(write, current, item);
    }

    /// <summary>Server-side apply: the object is merged with what is there by who owns what, or created.</summary>
    public async Task<PlannedWrite> ApplyAsync(WriteOperation write, CurrentObject? current)
    {
        var applied = Bodies.ReadApplied(write);
        MetadataRules.MatchNames(applied, write.Key);
        if (applied.Metadata()["managedFields"] is JsonArray { Count: > 0 })
        {
            throw ApiException.BadRequest("metadata.managedFields must be nil");
        }

        if (current is null)
        {
            if (applied.Metadata().Text("uid") is { Length: > 0 } uid)
            {
                throw ApiException.Conflict(
                    write.Definition.GroupResource, write.Key.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            }

            return write.Request.Subresource.Length == 0
                ? await CreateAsync(write, Ownership.Apply(write, null, applied))
                : throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        return await PlanAsync(write, current, Ownership.Apply(write, Answers.InServedVersion(write, current.Whole()), applied), insistsOnUid: false);
    }

    private Task<PlannedWrite> CreateAsync(WriteOperation write, JsonObject item) =>
        write.Request.CreateRefused is { } refused ? throw new ApiException(refused) : creates.PlanAsync(write, item);

    public async Task<PlannedWrite> PatchAsync(WriteOperation write, CurrentObject? current)
    {
        if (current is null)
        {
            throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        var item = Patched(write, current);
        MetadataRules.MatchNames(item, write.Key);
        return await PlanAsync(write, current, item, insistsOnUid: false);
    }

    /// <summary>What a patch makes of the object, in the storage version, still with the <c>resourceVersion</c> that the patch saw or set.</summary>
    public static JsonObject Patched(WriteOperation write, CurrentObject current)
    {
        var target = new DecodeTarget(write.Served.Group, write.Served.Version, write.Definition.Names.Kind);
        return Bodies.ToStorage(Bodies.Patch(write, Answers.InServedVersion(write, current.Whole()), write.Served.Schema, target), write);
    }

    private async Task<PlannedWrite> PlanAsync(WriteOperation write, CurrentObject current, JsonObject next, bool insistsOnUid = true)
    {
        CheckPreconditions(write, current, next, insistsOnUid: insistsOnUid);
        if (write.Request.Subresource == "status")
        {
            next = StatusOnly(next, current, write.Definition.KeptByStatus);
        }

        write.SentManagers = write.Request.Subresource.Length == 0 ? next.Metadata()["managedFields"]?.DeepClone() : null;
        MetadataRules.CarryOver(next, current);
        Ownership.OfUpdate(write, current, next);
        await admissions.MutateAsync(write, AdmissionOperation.Update, next, current);
        if (write.Request.Subresource == "status")
        {
            write.Definition.Strategy.PrepareForStatusUpdate(next, current.Node, write.Scope);
        }
        else
        {
            if (write.Definition.HasStatus)
            {
                next.CopyFrom(current.Node, "status");
            }

            write.Definition.Strategy.PrepareForUpdate(next, current.Node, write.Scope);
        }

        return await FinishAsync(write, current, next, countsGeneration: write.Request.Subresource != "status");
    }

    /// <summary>The end of every update: generation, validation, admission, and whether the object's last finalizer has just gone.</summary>
    public async Task<PlannedWrite> FinishAsync(WriteOperation write, CurrentObject current, JsonObject next, bool countsGeneration)
    {
        var metadata = next.Metadata();
        var (trace, tracedAt) = (current.Header.TraceParent, current.Header.TracedAt);
        if (countsGeneration && write.Definition.HasGeneration && RaisesGeneration(write.Definition, next, current.Node))
        {
            metadata["generation"] = JsonNumber.Of(current.Header.Generation + 1);
            (trace, tracedAt) = (write.Request.TraceParent, write.Scope.Now);
        }

        Admissions.Validate(write, next, current);
        await admissions.ValidateAsync(write, AdmissionOperation.Update, next, current);
        if (current.Header.DeletionTimestamp is not null
            && current.Header.DeletionGracePeriodSeconds is null or 0
            && metadata.Texts("finalizers").Count == 0
            && !write.Definition.Strategy.MustLinger(next))
        {
            return new PlannedWrite { Action = PlannedAction.Remove, Next = next };
        }

        var same = IsSame(next, current.Node);
        return new PlannedWrite { Action = same ? PlannedAction.Nothing : PlannedAction.Put, Next = next, TraceParent = trace, TracedAt = tracedAt };
    }

    /// <summary>The uid and revision that the body, and for calls from inside the request, insist on. Takes the <c>resourceVersion</c> out of the body.</summary>
    public static void CheckPreconditions(WriteOperation write, CurrentObject current, JsonObject body, bool mayOmitRevision = false, bool insistsOnUid = true)
    {
        if (write.Request.Preconditions is { } wanted)
        {
            DeletePlan.CheckPreconditions(write, current, wanted);
        }

        // The uid of a whole object says which one is meant; a patch that sets it would change it, which validation forbids.
        if (insistsOnUid)
        {
            MetadataRules.MatchUid(body.Metadata().Text("uid"), current.Header.Uid, write);
        }

        var revision = MetadataRules.TakeRevision(body);
        if (revision == 0)
        {
            if (!write.Definition.AllowsUnconditionalUpdate && !mayOmitRevision)
            {
                // Upstream puts the resource where the kind belongs (#18526).
                var errors = new FieldErrors();
                errors.At("metadata").At("resourceVersion").Invalid(0, "must be specified for an update");
                throw ApiException.Invalid(write.Definition.Names.Group, write.Definition.Names.Plural, write.Key.Name, errors);
            }
        }
        else if (revision != current.Revision)
        {
            throw ApiException.StaleObject(write.Definition.GroupResource, write.Key.Name);
        }
    }

    /// <summary>Whether the write changes nothing. What writes change stands last in most objects and is looked at first: the trees unfold only as far as they are compared.</summary>
    private static bool IsSame(JsonObject next, JsonObject current)
    {
        if (next.Count != current.Count)
        {
            return false;
        }

        for (var i = next.Count - 1; i >= 0; i--)
        {
            var (name, value) = next.GetAt(i);
            if (!current.TryGetPropertyValue(name, out var before) || !JsonNode.DeepEquals(value, before))
            {
                return false;
            }
        }

        return true;
    }

    private static bool RaisesGeneration(ResourceDefinition definition, JsonObject next, JsonObject current) =>
        DiffersInSpec(next, current, definition.HasStatus)
            || (definition.AnnotationsCount && !JsonNode.DeepEquals(next["metadata"]?["annotations"], current["metadata"]?["annotations"]));

    private static bool DiffersInSpec(JsonObject next, JsonObject current, bool hasStatus)
    {
        foreach (var (name, value) in next)
        {
            if (name is not ("metadata" or "apiVersion" or "kind") && !(hasStatus && name == "status") && !JsonNode.DeepEquals(value, current[name]))
            {
                return true;
            }
        }

        foreach (var (name, value) in current)
        {
            if (value is not null && name != "metadata" && !(hasStatus && name == "status") && !next.ContainsKey(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A write to <c>/status</c> takes the status and, but for what the kind keeps, the metadata of the body, which is used up.</summary>
    private static JsonObject StatusOnly(JsonObject body, CurrentObject current, IReadOnlyList<string> kept)
    {
        var next = current.Copy();
        next.MoveFrom(body, "status");
        next.MoveFrom(body, "metadata");
        foreach (var name in kept)
        {
            next.Metadata().CopyFrom(current.Node.Metadata(), name);
        }

        return next;
    }
}
