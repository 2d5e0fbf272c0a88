using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Priorities;

/// <summary>What pods take from a PriorityClass.</summary>
internal sealed record PriorityClassView(string Name, int Value, bool GlobalDefault, string PreemptionPolicy)
{
    public const string DefaultPolicy = "PreemptLowerPriority";

    /// <summary>What a pod gets where no class is the default.</summary>
    public static readonly PriorityClassView None = new("", 0, false, DefaultPolicy);

    public static PriorityClassView Of(KubeObject item) => item.Derive(static found =>
    {
        var json = found.ToNode();
        return new PriorityClassView(found.Key.Name, (int?)json["value"] ?? 0, (bool?)json["globalDefault"] ?? false, (string?)json["preemptionPolicy"] ?? DefaultPolicy);
    });

    /// <summary>The class marked as default; of several the lowest, as upstream chooses.</summary>
    public static PriorityClassView? Default(IObjectReader objects) =>
        objects.All(CoreKeys.PriorityClasses).Select(Of).Where(c => c.GlobalDefault).MinBy(c => c.Value);
}
