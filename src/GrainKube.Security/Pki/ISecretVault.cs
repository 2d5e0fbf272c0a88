namespace GrainKube.Security.Pki;

/// <summary>Keeps the cluster's few secrets: in files on one machine, in the store where several silos share one.</summary>
public interface ISecretVault
{
    /// <summary>
    /// What is kept under <paramref name="name"/>; where nothing is, keeps and returns what <paramref name="make"/> gives. When several silos start at once one of them wins, and all return
    /// the winner's.
    /// </summary>
    Task<string> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancel);
}
