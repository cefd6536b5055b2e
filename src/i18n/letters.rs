//! Messages to customers and to the team.

use super::{Area, msgs};

msgs! {
    unknown_letter(name) { "there is no message `{name}`", "没有消息模板 `{name}`" }
    nothing_to_say(template, what) { "{what}: nothing to say by `{template}`", "{what}：`{template}` 没有内容可发" }
    template_broken(path) { "the template {path} cannot be filled", "模板 {path} 无法使用" }
    no_recipient(what) { "{what}: its customer is not there, so nobody can be written to", "{what}：客户不存在，无法发送" }
    no_address(who) { "{who} has no mail address that can be written to", "{who} 没有可用的邮箱地址" }
    hint_contact_address(customer, contact) { "`kehu contact set {customer} {contact} email=ADDRESS`, or choose another contact with --to", "请执行 `kehu contact set {customer} {contact} email=地址`，或用 --to 选择其他联系人" }
    hint_new_contact(customer) { "`kehu contact add {customer} NAME email=ADDRESS`", "请执行 `kehu contact add {customer} 姓名 email=地址`" }
    hint_member_address(member) { "`kehu team set {member} email=ADDRESS`", "请执行 `kehu team set {member} email=地址`" }
    one_file_each(n) { "{n} messages do not go into one file: name a folder that is there with --eml", "{n} 封邮件不能写入同一文件：请用 --eml 指定已有的文件夹" }
    draft_written(about, file) { "{about}  written to {file}; nothing was sent", "{about}  已写入 {file}，未发送" }
    sent(about, to, subject) { "{about}  sent to {to}: {subject}", "{about}  已发送至 {to}：{subject}" }
    would_send(about, to, subject) { "{about}  would be sent to {to}: {subject}", "{about}  将发送至 {to}：{subject}" }
    sent_unrecorded(to) { "the mail to {to} is out, but that is not recorded", "发给 {to} 的邮件已经发出，但未能记录" }
    sendmail_path(path) { "KEHU_SENDMAIL must be the whole path of a program outside the data directory, not `{path}`", "KEHU_SENDMAIL 须为数据目录以外程序的完整路径，不能是 `{path}`" }
    sendmail_failed(program, why) { "{program} did not take the mail: {why}", "{program} 未能接收邮件：{why}" }
    hint_sendmail() { "say in KEHU_SENDMAIL where sendmail is, or write a file with --eml and send that", "请用 KEHU_SENDMAIL 指定 sendmail 的位置，或用 --eml 写成文件后自行发送" }
    by_channel_or_send() { "how was the customer told? `--channel CHANNEL`, or `--send` to tell it now by mail", "以何种方式告知客户？请用 `--channel 联系方式`，或用 `--send` 立即发送邮件" }
}

pub(super) const AREA: Area = Area {
    labels: &[("template", "template", "模板", &[]), ("body", "text", "正文", &[]), ("about", "about", "关于", &[])],
    values: &[("complaint_state", "acknowledged", "acknowledged", "已受理")],
    commands: &[
        (
            "message",
            "Write messages from templates: print them, write them as .eml files, or send them",
            "按模板写消息：显示、写成 .eml 文件或发送",
        ),
        (
            "message",
            "Templates: complaint-acknowledged, complaint-told, complaint-reopened, complaint-alarm (of complaints); care, payment, survey (of customers); day, late-complaints (of members of the team).\nThe texts stand in templates/ of the data directory. Nothing is sent without --send.",
            "模板：complaint-acknowledged、complaint-told、complaint-reopened、complaint-alarm（投诉）；care、payment、survey（客户）；day、late-complaints（团队成员）。\n文字在数据目录的 templates/ 中。没有 --send 不发送任何内容。",
        ),
    ],
    arguments: &[
        ("template", "Which message", "消息模板"),
        ("subjects", "What they are about: complaints, customers or members of the team", "对象：投诉、客户或团队成员"),
        (
            "message.to",
            "To whom: a contact of the customer, or a member of the team",
            "收件人：客户的联系人，或团队成员",
        ),
        ("eml", "Write the mail into a file; into a folder where there are several", "写成邮件文件；多封时写入文件夹"),
        ("send", "Send it by the system's sendmail, and record that it was sent", "用系统的 sendmail 发送，并记录"),
        ("complaint notify.to", "The contact to whom it is sent", "收件的联系人"),
        ("complaint notify.send", "Send the message of the template, too", "同时按模板发送邮件"),
    ],
};
