namespace GrainKube.Objects.Writes;

/// <summary>Chooses the rules for a write.</summary>
internal sealed class Plans
{
    private readonly CreatePlan create;
    private readonly UpdatePlan update;
    private readonly DeletePlan delete;
    private readonly SubresourcePlan subresource;

    public Plans(Admissions admissions)
    {
        create = new CreatePlan(admissions);
        update = new UpdatePlan(admissions, create);
        delete = new DeletePlan(admissions);
        subresource = new SubresourcePlan(admissions, update);
    }

    /// <param name="write">The call.</param>
    /// <param name="current">What is stored, or believed to be.</param>
    public Task<PlannedWrite> PlanAsync(WriteOperation write, CurrentObject? current) => (write.Request.Subresource, write.Request.Verb) switch
    {
        ("", WriteVerb.Create) => create.PlanAsync(write),
        ("" or "status", WriteVerb.Update) => update.PutAsync(write, current),
        ("" or "status", WriteVerb.Patch) when write.Request.PatchType == PatchType.Apply => update.ApplyAsync(write, current),
        ("" or "status", WriteVerb.Patch) => update.PatchAsync(write, current),
        ("", WriteVerb.Delete) => delete.PlanAsync(write, current),
        ("scale", WriteVerb.Update or WriteVerb.Patch) => subresource.ScaleAsync(write, current),
        _ => subresource.InvokeAsync(write, current),
    };
}
