using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Secrets;

internal sealed class SecretColumns : KindColumns<V1Secret>
{
    public SecretColumns()
    {
        Name();
        Text("Type", item => item.Type, "What the secret is for.");
        Count("Data", item => item.Data?.Count, "How many entries it has.");
        Age();
    }
}
