using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission;

/// <summary>Keys of the kinds that identity and admission look at.</summary>
internal static class CoreKeys
{
    public static readonly GroupResource PriorityClasses = new("scheduling.k8s.io", "priorityclasses");

    public static ObjectKey Namespace(string name) => new("", "namespaces", "", name);

    public static ObjectKey ServiceAccount(string ns, string name) => new("", "serviceaccounts", ns, name);

    public static ObjectKey Pod(string ns, string name) => new("", "pods", ns, name);

    public static ObjectKey PriorityClass(string name) => new(PriorityClasses.Group, PriorityClasses.Resource, "", name);
}
