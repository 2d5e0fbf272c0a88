namespace GrainKube.Objects.Store;

/// <summary>Keys of ours that hold no objects. Objects are under <c>/registry/</c>, as Kubernetes has them.</summary>
internal static class StoreKeys
{
    public const string Root = "/grainkube/";

    /// <summary>A name as one readable part of a key: what would split it is escaped.</summary>
    public static string Part(string name) => name.Length == 0 ? "_" : Uri.EscapeDataString(name);
}
