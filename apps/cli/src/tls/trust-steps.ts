/** How a seat or phone comes to trust the authority, in both languages. */
export function trustSteps(caFile: string): string {
  return [
    '每台电脑或手机做一次，先核对指纹。Once on every computer and phone; compare the fingerprint first.',
    '',
    'Windows   双击 ca.crt → 安装证书 → 本地计算机 → 受信任的根证书颁发机构',
    '          double-click ca.crt → Install Certificate → Local Machine → Trusted Root Certification Authorities',
    'Android   设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书 → 选 ca.crt',
    '          Settings → Security → Encryption & credentials → Install a certificate → CA certificate → ca.crt',
    'iOS       用 Safari 下载 → 设置 → 已下载描述文件 → 安装；再到 通用 → 关于本机 → 证书信任设置 → 打开',
    '          download with Safari → Settings → Profile Downloaded → Install; then General → About →',
    '          Certificate Trust Settings → switch on',
    'macOS     双击 ca.crt → 钥匙串“系统” → 信任 → 始终信任',
    '          double-click ca.crt → keychain System → Trust → Always Trust',
    'Linux     系统 system (Debian)：',
    `          sudo cp ${caFile} /usr/local/share/ca-certificates/fengsui-ca.crt && sudo update-ca-certificates`,
    '          Chromium (libnss3-tools)：',
    `          certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n fengsui -i ${caFile}`,
    'Firefox   设置 → 隐私与安全 → 查看证书 → 证书颁发机构 → 导入',
    '          Settings → Privacy & Security → View Certificates → Authorities → Import',
  ].join('\n');
}
