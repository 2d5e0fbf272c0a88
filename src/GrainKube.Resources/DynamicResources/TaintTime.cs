using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.DynamicResources;

/// <summary>A taint tells since when it is what it is.</summary>
internal static class TaintTime
{
    public static void Stamp(JsonObject? taint, WriteScope scope) =>
        taint?.DefaultTo("timeAdded", GoTime.Format(scope.Now));
}
