using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Scheduling.PriorityClasses;

/// <summary>A class is born with a generation that no update raises.</summary>
internal sealed class PriorityClassStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => item["metadata"]!["generation"] = 1;
}
