using System.Reflection;
using System.Runtime.Loader;
using GrainKube.Reconciliation;

namespace GrainKube.Hosting;

/// <summary>Takes in assemblies of others. They run with all rights of this process: whoever names them trusts them.</summary>
internal static class ClusterExtensions
{
    /// <exception cref="StartupException">A file is absent, no assembly, or has no extension in it.</exception>
    public static IReadOnlyList<IClusterExtension> Load(IReadOnlyList<string> paths) => [.. paths.SelectMany(Load)];

    private static IEnumerable<IClusterExtension> Load(string path)
    {
        try
        {
            // What the server has itself is the server's: types of the API must be one and the same. The rest lies beside the extension.
            var beside = new AssemblyDependencyResolver(path);
            AssemblyLoadContext.Default.Resolving += (context, name) => beside.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
            var made = AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetExportedTypes()
                .Where(type => typeof(IClusterExtension).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false })
                .Select(type => (IClusterExtension)Activator.CreateInstance(type)!).ToList();
            return made.Count > 0 ? made : throw new StartupException($"--extension {path}: no public class in it implements {nameof(IClusterExtension)}");
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or InvalidOperationException or MissingMethodException or TargetInvocationException)
        {
            throw new StartupException($"--extension {path}: {error.GetBaseException().Message}", error);
        }
    }
}
